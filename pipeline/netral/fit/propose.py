"""Propose the names of an election from its posts, for a person to confirm: people, parties, hashtags, most likely first.

Nothing is known beforehand but how Indonesian posts speak of candidates (:mod:`netral.fit.mentions`). A proposal is a guess: it may list
a president who does not stand, and miss a candidate of whom nobody speaks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from netral.fit.mentions import ADDRESSES, ROLES, Mentions, inside
from netral.text.analyser import stemmer
from netral.text.lexicon import table
from netral.text.targets import Targets

#: A word mostly written with a capital within sentences is a name …
SHARE = 0.4
#: … and so is one that is often introduced or joined to another, however it is written.
EVIDENCE = 3
#: A word that is introduced or joined in this share of its posts is a name though many write it small.
_SURELY = 0.4
#: A word of no dictionary is one with this share of capitals too, where both capitals and introductions are there.
_SELDOM = 0.1
#: A handle or hashtag is proposed from this many posts on: what few people use may be a private person's.
PUBLIC = 5
#: Two words are one name if at least this share of the uses of either stands beside the other.
_TOGETHER = 0.5
#: … and if it is this share of all posts that hold the word from which the name is built.
_COMPANY = 0.04
#: Names have at most this many words; longer runs of capitals are something else.
_LONGEST = 4
#: Names are beside each other if they are joined in this share of the posts of the rarer one.
_BESIDE = 0.05
#: Among fewer posts than this a party may be named once.
_FEW = 1000
#: A party's name goes on as long as this share of its posts goes on alike.
_WHOLE = 0.6
# In every election: offices, contests, days, beliefs.
_OFFICES = frozenset(
    "kpu kpud kpps bawaslu panwaslu dkpp mk dpr dprd dpd mpr tni polri asn pns bkn kemendagri kasn pemprov pemkab pemkot tps ktp "
    "pemilu pilkada pilpres pileg pilgub pilbup pilwalkot debat kampanye pemilihan pemilih presiden wapres wakil gubernur wagub "
    "bupati wabup walikota wali ketua ketum sekda camat lurah kades kepala menteri anggota panitia petugas pengawas partai parpol "
    "koalisi tim timnas dpp dpc dpw satu dua tiga empat lima senin selasa rabu kamis jumat sabtu minggu ahad januari februari "
    "maret april mei juni juli agustus september oktober november desember allah tuhan swt islam kristen indonesia nkri pancasila "
    "surat suara hasil semoga insya yang dan itu ini kata untuk dari dengan tidak jangan ayo mari kami kita saya aku dia mereka "
    "siapa tetap saja lagi orang semua".split()
)


@dataclass
class Person:
    """Somebody who may stand in the election.

    Attributes
    ----------
    name : str
        The longest way of writing it.
    aliases, handles, hashtags : list of str
        Other ways, most frequent first; handles and hashtags that hold the name.
    posts, led : int
        Posts that hold the most frequent word of the name; uses of it after an address or role.
    capitals : float
        Share of its uses within sentences that have a capital.
    beside : list of str
        Whom posts join to this person.
    everyday : list of str
        Names that are also words of the dictionary: as an alias such a word is masked wherever it stands.
    """

    name: str
    aliases: list[str]
    posts: int
    led: int
    capitals: float
    handles: list[str] = field(default_factory=list)
    hashtags: list[str] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)
    everyday: list[str] = field(default_factory=list)


@dataclass
class Party:
    """What posts call a party; ``known``: it is masked without a gazetteer."""

    name: str
    aliases: list[str]
    posts: int
    known: bool


@dataclass
class Proposal:
    """All that is proposed, most likely first; ``hashtags`` are the frequent ones that hold no proposed name."""

    posts: int
    people: list[Person]
    parties: list[Party]
    hashtags: list[str]


def dictionary() -> Callable[[str], bool]:
    """Return the test whether a word stands in the stemmer's dictionary, as it is or inflected."""
    stem = stemmer("sastrawi")
    return lambda word: stem.is_root(word) or stem.is_root(stem(word))


def propose(mentions: Mentions, everyday: Callable[[str], bool], limit: int = 20) -> Proposal:
    """Rank and group the names.

    Parameters
    ----------
    mentions : Mentions
    everyday : callable of str to bool
        Whether a word is one of everyday speech, such as :func:`dictionary` says.
    limit : int
        Most people, most parties and most other hashtags.
    """
    known = Targets()
    scores = {word: score for word, score in _scores(mentions, everyday).items() if "<PARTAI>" not in known(_written(word, mentions))}
    people = _people(mentions, scores, everyday)[:limit]
    owners = _owners(people)
    for handle, posts in mentions.handles.most_common():
        if posts >= PUBLIC and (person := _owner(handle, owners)):
            person.handles.append(f"@{handle}")
    tags: list[str] = []
    for tag, posts in mentions.tags.most_common():
        if posts >= PUBLIC:
            person = _owner(tag[1:], owners)
            (person.hashtags if person else tags).append(tag)
    return Proposal(mentions.total, people, _parties(mentions, known)[:limit], tags[:limit])


def _scores(mentions: Mentions, everyday: Callable[[str], bool]) -> dict[str, float]:
    """Score each word that may be a name: the posts that hold it, times how sure it is that a candidate is meant."""
    joined: Counter[str] = Counter()
    for pair, uses in mentions.joined.items():
        if not set(pair) & _OFFICES:
            joined.update(dict.fromkeys(pair, uses))
    no_names = _OFFICES | ADDRESSES | ROLES | table("things.tsv").keys()
    words = [word for word in mentions.posts if len(word) > 2 and word not in no_names]
    words = [word for word in words if mentions.led[word] + joined[word] > 1 and _is_name(word, mentions, joined[word], everyday(word))]
    tags, handles = (inside(words, Counter({name: n for name, n in of.items() if n > 1})) for of in (mentions.tags, mentions.handles))
    scores = {}
    for word in words:
        posts, direct = mentions.posts[word], mentions.led[word] + joined[word]
        # What is only in tags and handles may be a place or an office: it counts up to what is said of the word itself.
        sure = min(1.0, (direct + min(direct, tags[word] + handles[word])) / (posts + 5))
        elsewhere = max(0.0, 1 - 3 * mentions.placed[word] / posts)
        scores[word] = posts * sure * elsewhere * (0.5 if everyday(word) else 1.0)
    return {word: score for word, score in scores.items() if score > 0}


def _is_name(word: str, mentions: Mentions, joined: int, everyday: bool) -> bool:
    within, capitals, direct = mentions.within[word], mentions.capitals[word], joined + mentions.led[word]
    if everyday:  # "ganjar", "sandi": a name only if it is written like one
        return direct >= EVIDENCE and (capitals >= max(EVIDENCE, 0.5 * within) or joined >= PUBLIC)
    if within < EVIDENCE:
        return mentions.forms[word.capitalize()] + mentions.forms[word.upper()] > 0
    often = capitals >= SHARE * within or direct >= _SURELY * mentions.posts[word]
    return often or (min(capitals, direct) >= EVIDENCE and capitals >= _SELDOM * within)


def _people(mentions: Mentions, scores: dict[str, float], everyday: Callable[[str], bool]) -> list[Person]:
    """Put the words of one name together, the best word first."""
    together = _together(mentions, everyday)
    neighbours = _neighbours(together, mentions)
    owner: dict[str, Person] = {}
    people: list[Person] = []
    for word in sorted(scores, key=lambda each: (-scores[each], each)):
        chain = _chain(word, neighbours, together, _COMPANY * mentions.posts[word])
        person = next((owner[part] for part in (word, *chain) if part in owner), None) or _shortened(word, owner)
        if person is None:
            share = mentions.capitals[word] / max(1, mentions.within[word])
            person = Person("", [], mentions.posts[word], mentions.led[word], share)
            people.append(person)
        if word not in owner:
            _name(person, " ".join(_written(part, mentions) for part in chain), word, mentions)
            person.everyday += [_written(word, mentions)] if everyday(word) else []
        owner.update({part: person for part in chain if part not in owner})
    _join(owner, mentions)
    return people


def _shortened(word: str, owner: Mapping[str, Person]) -> Person | None:
    """Return the person of whose name ``word`` is the beginning, or the other way round: Lesti, Lestiyani."""
    for other, person in owner.items():
        if min(len(word), len(other)) > 3 and (other.startswith(word) or word.startswith(other)):
            return person
    return None


def _name(person: Person, full: str, word: str, mentions: Mentions) -> None:
    """Add the ways in which a word of a name is written; the longest is the name."""
    addressed = [(uses, before) for (before, after), uses in mentions.addressed.items() if after == word]
    uses, before = max(addressed, default=(0, ""))
    forms = [full, _written(word, mentions)]
    if uses >= 0.3 * mentions.posts[word]:
        forms.append(f"{before.capitalize()} {_written(word, mentions)}")
    longest = max(person.name, full, key=lambda form: len(form.split()))
    forms = list(dict.fromkeys((person.name, *person.aliases, *forms)))
    person.name, person.aliases = longest, [form for form in forms if form not in ("", longest)]


def _join(owner: Mapping[str, Person], mentions: Mentions) -> None:
    """Say of each person whom posts put beside them."""
    for (first, second), uses in mentions.joined.most_common():
        one, other = owner.get(first), owner.get(second)
        if one and other and one is not other and uses >= max(2, _BESIDE * min(one.posts, other.posts)) and other.name not in one.beside:
            one.beside.append(other.name)
            other.beside.append(one.name)


def _together(mentions: Mentions, everyday: Callable[[str], bool]) -> Counter[tuple[str, str]]:
    """Count the words that may be of one name; of titles only those that stand in no dictionary."""
    titled = {pair: lines for pair, lines in mentions.titled.items() if lines > 1 and not any(map(everyday, pair))}
    found = Counter(mentions.follows) + Counter(titled)
    return Counter({pair: lines for pair, lines in found.items() if lines > 1 and not set(pair) & (_OFFICES | ADDRESSES | ROLES)})


def _neighbours(together: Counter[tuple[str, str]], mentions: Mentions) -> tuple[dict[str, str], dict[str, str]]:
    """Return the word after, and the word before, that belongs to the same name."""
    after: dict[str, str] = {}
    before: dict[str, str] = {}
    for (first, second), lines in together.most_common():
        if mentions.joined[first, second] < lines >= _TOGETHER * min(mentions.posts[first], mentions.posts[second]):
            after.setdefault(first, second)
            before.setdefault(second, first)
    return after, before


def _chain(word: str, neighbours: tuple[dict[str, str], dict[str, str]], together: Counter[tuple[str, str]], least: float) -> list[str]:
    """Follow the neighbours that choose each other, to both sides, as long as they stand together in ``least`` lines."""
    after, before = neighbours
    chain = [word]
    while (following := after.get(chain[-1], "")) and before[following] == chain[-1] and together[chain[-1], following] >= least:
        chain.append(following)
        if len(chain) > _LONGEST:
            return [word]
    while (leading := before.get(chain[0], "")) and after[leading] == chain[0] and together[leading, chain[0]] >= least:
        chain.insert(0, leading)
        if len(chain) > _LONGEST:
            return [word]
    return chain


def _written(word: str, mentions: Mentions) -> str:
    return max((word.capitalize(), word.upper()), key=lambda form: mentions.forms[form])


def _owners(people: Iterable[Person]) -> list[tuple[str, Person]]:
    """Return the words by which a tag or handle is known to be a person's, the longest first."""
    found = {
        part.lower(): person
        for person in reversed(list(people))
        for name in (person.name, *person.aliases)
        for part in (*name.split(), name.replace(" ", ""))
        if len(part) > 2 and part.lower() not in ADDRESSES
    }
    return sorted(found.items(), key=lambda each: (-len(each[0]), each[0]))


def _owner(name: str, owners: list[tuple[str, Person]]) -> Person | None:
    return next((person for word, person in owners if word == name or (len(word) > 3 and word in name)), None)


def _parties(mentions: Mentions, known: Targets) -> list[Party]:
    """Return the parties: of what follows *Partai*, as many words as mostly stand together."""
    least = 1 if mentions.total < _FEW else 2
    starts: Counter[tuple[str, ...]] = Counter()
    for name, posts in mentions.parties.items():
        words = tuple(name.split())
        starts.update({words[: n + 1]: posts for n in range(len(words))})
    found: dict[tuple[str, ...], int] = {}
    for first, posts in starts.most_common():
        if len(first) == 1 and posts >= least and known(f"Partai {first[0]}") == "<PARTAI>":
            whole = [words for words, together in starts.items() if words[0] == first[0] and together >= _WHOLE * posts]
            found[max(whole, key=len)] = posts
    return [_party(name, posts, mentions, known) for name, posts in found.items()]


def _party(words: tuple[str, ...], posts: int, mentions: Mentions, known: Targets) -> Party:
    name = " ".join(words)
    aliases = [short for (party, short), uses in mentions.short.most_common() if uses and party == name]
    initials = "P" + "".join(word[0] for word in words)
    if len(words) > 1 and mentions.forms[initials] > 1 and initials not in aliases:
        aliases.append(initials)
    return Party(f"Partai {name}", aliases, posts, known(f"partai {name.lower()}") == "<PARTAI>")
