module two
  integer, parameter :: the_two = 2
end module
