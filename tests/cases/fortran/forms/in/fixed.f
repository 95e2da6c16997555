      SUBROUTINE FIXED(A)
      INCLUDE 'size.inc'
      REAL A(N)
      INTEGER I, UNUSED
      DO 10 I = 1, N
        A(I) = 0.0
   10 CONTINUE
      END
