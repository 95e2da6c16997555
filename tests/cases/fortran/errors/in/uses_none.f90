program p
  use none_such
end program
