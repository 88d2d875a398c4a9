"""Charts and tables as files that carry their own meaning: pictures, workbooks, text.

What a file says does not depend on the page it came from: title, filters, n, data date, source and caveats travel in it.
"""
