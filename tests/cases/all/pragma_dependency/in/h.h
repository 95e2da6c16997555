#pragma GCC dependency "g.y" make it anew
