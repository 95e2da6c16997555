import sys
import time

year = time.localtime().tm_year
with open(sys.argv[1], "w") as out:
    out.write(f"made in {year}\n")
