"""What tells a place from a person."""

from __future__ import annotations

#: What stands before the name of a place.
BEFORE_PLACES = (
    "di warga masyarakat penduduk desa dusun kampung kelurahan kecamatan kec kabupaten kab kota provinsi pulau kepulauan jalan jl gang "
    "pasar sungai gunung pantai bandara stasiun terminal universitas pilkada pilgub pilbup pilwalkot pilkades pilpres pileg dapil "
    "pemkab pemkot pemprov se-desa se-dusun se-kampung se-kelurahan se-kecamatan se-kabupaten se-kota se-provinsi se-pulau"
).split()
