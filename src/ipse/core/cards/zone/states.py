"""The codes of states and others who issue documents."""

from typing import Final

_ISO: Final = (
    "ABW AFG AGO AIA ALA ALB AND ARE ARG ARM ASM ATA ATF ATG AUS AUT AZE BDI BEL BEN BES BFA BGD BGR BHR BHS BIH BLM "
    "BLR BLZ BMU BOL BRA BRB BRN BTN BVT BWA CAF CAN CCK CHE CHL CHN CIV CMR COD COG COK COL COM CPV CRI CUB CUW CXR "
    "CYM CYP CZE DEU DJI DMA DNK DOM DZA ECU EGY ERI ESH ESP EST ETH FIN FJI FLK FRA FRO FSM GAB GBR GEO GGY GHA GIB "
    "GIN GLP GMB GNB GNQ GRC GRD GRL GTM GUF GUM GUY HKG HMD HND HRV HTI HUN IDN IMN IND IOT IRL IRN IRQ ISL ISR ITA "
    "JAM JEY JOR JPN KAZ KEN KGZ KHM KIR KNA KOR KWT LAO LBN LBR LBY LCA LIE LKA LSO LTU LUX LVA MAC MAF MAR MCO MDA "
    "MDG MDV MEX MHL MKD MLI MLT MMR MNE MNG MNP MOZ MRT MSR MTQ MUS MWI MYS MYT NAM NCL NER NFK NGA NIC NIU NLD NOR "
    "NPL NRU NZL OMN PAK PAN PCN PER PHL PLW PNG POL PRI PRK PRT PRY PSE PYF QAT REU ROU RUS RWA SAU SDN SEN SGP SGS "
    "SHN SJM SLB SLE SLV SMR SOM SPM SRB SSD STP SUR SVK SVN SWE SWZ SXM SYC SYR TCA TCD TGO THA TJK TKL TKM TLS TON "
    "TTO TUN TUR TUV TWN TZA UGA UKR UMI URY USA UZB VAT VCT VEN VGB VIR VNM VUT WLF WSM YEM ZAF ZMB ZWE"
)
"""Source: ISO 3166-1 alpha-3."""

_OTHERS: Final = (
    "D GBD GBN GBO GBP GBS RKS EUE UNO UNA UNK XBA XCC XCE XCO XCT XDC XEC XIM XMP XOM XPO XES XSC XXA XXB XXC XXX UTO "
    "INP IAO NTZ"
)
"""Germany, kinds of British nationals, Kosovo, organisations, people without a state, the specimens' Utopia.
Source: ICAO 9303, part 3, section 5, parts A to D; INP and IAO as Interpol's and ICAO's own documents have them."""

STATES: Final = frozenset(f"{_ISO} {_OTHERS}".split())
"""Codes without their fillers."""


def state(letters: str) -> str | None:
    """Give a code as three letters as Field values have them (Germany's D is DEU), or nothing for an unknown one."""
    code = letters.rstrip("<")
    return ("DEU" if code == "D" else code) if code in STATES else None
