"""Places: coordinate systems, areas and their shapes, joins by place, and what the browser gets of them.

Everything inside the house is in EPSG:4490 (CGCS2000, degrees); other systems are converted where a file comes in.
"""
