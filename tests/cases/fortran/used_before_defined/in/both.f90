subroutine s(n)
  use m
  integer, intent(out) :: n
  n = k
end subroutine
module m
  integer, parameter :: k = 2
end module
