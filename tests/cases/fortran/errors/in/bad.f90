module first
  integer :: i
end module
module good
  integer : j
end module
