program main
  use m
  call greet()
end program
