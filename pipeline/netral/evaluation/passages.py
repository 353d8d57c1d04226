"""What every model card says, whatever was measured; some of it stands in the report, too."""

PURPOSE = """## What it is for

It reads Indonesian posts about elections and says how likely each takes a side (*keberpihakan*), so that people know what to read
first. Each post gets a probability and one of three decisions: `clear`, `review` (worth reading) and `flag` (read this first).
Everything it finds is **for a person to review**.

## What it is not for

- It is **never a finding**: not proof of a breach of neutrality, and no ground for a sanction, a block or a report without a person's
  judgement.
- It judges texts, not people. Never add up scores by person, account, office or employer.
- A like or a photo can be a breach with a neutral text; a partisan text is lawful from most people. It sees neither who wrote nor when.
- Not for other languages or other topics than elections. None of this is legal advice."""

LIMITS = """## Limits

- A model learns the elections it is shown: names, slogans and slang of the next one are new to it. Give it the election's names
  (`--gazetteer FILE`).
- Sarcasm, rhetorical questions, quotations without marks and regional languages are where it errs most; see the challenge table.
- Reminders of neutrality and reports of a violation share their words with campaign posts. Gates watch them; a rare one can be flagged.
- The promise on false positives holds for neutral posts like those measured. Another platform, genre or year is another population: label a
  random sample of your own posts and retrain before relying on it."""

LICENCES = """## Licences

The code is under the MIT licence. Stems come from PySastrawi, whose list of root words is under **CC BY-NC-SA**: a model trained with
`train.stem: sastrawi` stores stems found with it. Check that licence before commercial use, or train with `train.stem: none`."""

LICENCES_WITHOUT_STEMS = """## Licences

The code is under the MIT licence. This model was trained with `train.stem: none`: no word list of PySastrawi (**CC BY-NC-SA**) was
used, nor what was made with it."""

READING = """## How to read a result

- The probability is calibrated on posts that the model was not fitted on, at the share of partisan posts in the labelled data.
  Where they are rarer, read the table of expected precision, not the probability.
- `netral explain TEXT` names the words that moved the probability. They are reasons of the model, not of the writer.
- Intervals: 95 % bootstrap by group of near-duplicates, so for more posts of these elections: the next election differs by more. Rates
  of the challenge: Wilson, by hand-written seed."""

CHALLENGE = (
    "Hand-written cases, never trained on. INV: the decision must not change; MIN: a neutral and a partisan text that differ in little, "
    "both right; MFT: neutral, never flagged. A case passes only if all its variants do; intervals by case (Wilson)."
)
