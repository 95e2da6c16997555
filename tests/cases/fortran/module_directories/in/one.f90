module one
  integer, parameter :: one_value = 1
end module
