"""Barcodes, by zxing-cpp's writer."""

import numpy as np
import zxingcpp

from specimens.words import Pixels


def symbol(content: str | bytes, format_name: str) -> Pixels:
    """
    Give a symbol, one pixel a module.

    Shape: (H, W) uint8, black 0 on white 255; rows of a one-dimensional symbol are alike.
    """
    barcode = zxingcpp.create_barcode(content, zxingcpp.barcode_format_from_str(format_name))
    return np.asarray(zxingcpp.write_barcode_to_image(barcode, scale=1, add_quiet_zones=True), np.uint8)
