program main
  use shapes
  implicit none
  print *, area(2.0), sides
end program
