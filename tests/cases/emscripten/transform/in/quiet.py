import sys
open(sys.argv[-1], 'a').write('// quiet\n')
