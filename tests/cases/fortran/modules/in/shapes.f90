module shapes
  implicit none
  integer, parameter :: sides = 3
contains
  real function area(r)
    real, intent(in) :: r
    area = r * r
  end function
end module
