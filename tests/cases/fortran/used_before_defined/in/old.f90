module m
  integer, parameter :: k = 1
end module
