picture_src := cache.c exif.c gif.c jpeg.c look.c modern.c paint.c png.c ready.c
# Loaded when it is needed: see paint.c.
picture_headers := gdlib
