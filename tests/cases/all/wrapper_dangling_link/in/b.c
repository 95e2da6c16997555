int b
#ifdef LINK
= 3
#endif
;
