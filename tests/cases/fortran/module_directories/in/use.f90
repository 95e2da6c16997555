subroutine use_both(sum)
  use one
  use two
  integer, intent(out) :: sum
  sum = one_value + the_two
end subroutine
