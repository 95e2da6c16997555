import os
import sys
import time

time.time()
os.mkdir(os.path.dirname(sys.argv[1]))
with open(sys.argv[1], "w") as out:
    out.write("fixed\n")
print("done", file=sys.stderr)
