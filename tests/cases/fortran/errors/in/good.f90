module good
  integer :: i
end module
