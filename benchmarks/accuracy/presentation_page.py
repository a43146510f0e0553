"""The page that `presentation.py` writes."""

from typing import Any, Final

HEAD: Final = """# Screens and prints

Written by `PYTHONPATH=. python benchmarks/accuracy/presentation.py ../shared/data`, nothing by hand. Judgements
`screen_replay` and `print`: the network `fr-liveness` over two crops, straight edges on all four sides of the face,
and what repeats itself in the face (`src/ipse/core/genuineness/recapture.py`). Shares are in %, with Wilson's 95 %
interval.

Genuine: the first picture of each of {people} people of `faces` whom no number was fitted on (press photographs of
250 x 250 pixels, not captures by a phone). A picture can be assessed from a crop factor of {least} on, and {assessed}
% of them can; the factor is {low} (5 %), {middle} (half) and {high} (95 %), so the 2.7 that the network wants is cut
there.

Attacks are simulated (`attacks/screen.py`, `attacks/paper.py`): a portrait on a screen's raster or in a printer's dots,
before a camera's mosaic, noise, levels, sharpening and JPEG. A simulation shows what its author thought of: these are
figures about physics, not about attackers.

## Genuine pictures that are suspected (BPCER) at the default threshold

| | either | screen_replay | print |
|---|---|---|---|
| as they are | {either} | {screen} | {printed} |
| enlarged, and taken by the simulated camera | {either_taken} | {screen_taken} | {printed_taken} |

The second row is a control without screen or paper: 250 pixels, blown up and made noisy, look worse than a phone's.
What each trace alone would suspect: network {alone_network}, frame {alone_frame}, raster {alone_raster}.
Public figures (`faces-misc/public-figures`): {press} pictures, suspected: {flagged}.
"""

PICTURES: Final = """
## data/spoof, one by one

Far too few for a rate. Nothing was fitted on them, but three choices were made with them in view: the mean over two
crops, how sure of life the network may be, and from which raster on its direction tells.

| picture | room | screen_replay | print | suspected for | network | frame | raster |
|---|---|---|---|---|---|---|---|
"""

SPECIES: Final = """
## Attacks that are missed (APCER) at the default threshold, kind by kind

People of the second half; "fitted" says that other people on such screens and prints were in the fit.
Either of the two judgements counts as found; "as screen" and "as print" count what the raster tells, "as either" what
both judgements suspect.

| kind | fitted | attacks | assessed | APCER | as screen | as print | as either | network alone finds | frame | raster |
|---|---|---|---|---|---|---|---|---|---|---|
"""

TRADE: Final = """
## BPCER where 5 % of the attacks are missed (APCER 5 %), recipes that nothing was fitted on

"What shows something" leaves out four recipes that show neither frame nor raster nor dots that the camera resolves (a
fine screen or a photograph that fills the view, and pictures cut out along the head): there one picture does not tell,
and what is asked of the person has to (actions, flash). Which these are was written down after a first look at figures
of this kind, so read the first line as well.

| attacks | number | threshold there | BPCER |
|---|---|---|---|
"""


def page(figures: dict[str, Any]) -> str:
    """Give the report."""
    low, middle, high = figures["room"]
    bpcer, taken, alone = figures["bpcer"], figures["bpcer_taken"], figures["alone"]
    head = HEAD.format(
        people=figures["people"], least=figures["least"], assessed=figures["assessed"], low=low, middle=middle,
        high=high, either=bpcer["either"], screen=bpcer["screen_replay"], printed=bpcer["print"],
        either_taken=taken["either"], screen_taken=taken["screen_replay"], printed_taken=taken["print"],
        alone_network=alone["network"], alone_frame=alone["frame"], alone_raster=alone["raster"],
        press=figures["press"]["pictures"], flagged=", ".join(figures["press"]["flagged"]) or "none",
    )  # fmt: skip
    cost = ", ".join(f"{name} {value}" for name, value in figures["ms"].items())
    tables = PICTURES + _pictures(figures["spoof"]) + SPECIES + _species(figures["species"])
    trade = "".join("| {name} | {attacks} | {threshold} | {bpcer} |\n".format(**one) for one in figures["at_apcer"])
    return f"{head}{tables}{TRADE}{trade}\nCost of one picture of 480 x 640, CPU milliseconds on one thread: {cost}.\n"


def _pictures(rows: list[dict[str, Any]]) -> str:
    """Give the lines of single pictures."""
    lines = []
    for one in rows:
        if "traces" not in one:
            lines.append(f"| {one['name']} | {one['shown']} | not assessed | not assessed | {one['why']} | | | |\n")
            continue
        traces = one["traces"]
        lines.append(
            f"| {one['name']} | {one['shown']} | {one['screen_replay']:.2f} | {one['print']:.2f} | {one['why']} "
            f"| {traces['doubt']:.1f} | {traces['frame']:.2f} | {traces['raster']['luma']:.2f} |\n"
        )
    return "".join(lines)


def _species(rows: list[dict[str, Any]]) -> str:
    """Give the lines of the kinds of attack."""
    return "".join(
        f"| {one['kind']} | {'yes' if one['fitted'] else 'no'} | {one['attacks']} | {one['assessed']} | {one['apcer']} "
        f"| {one['as_screen']} | {one['as_print']} | {one['as_either']} "
        f"| {one['alone']['network']} | {one['alone']['frame']} | {one['alone']['raster']} |\n"
        for one in rows
    )
