import sys, time
open(sys.argv[-1], 'a').write(f'// {time.time()}\n')
