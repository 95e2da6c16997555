module m
contains
  subroutine greet()
    print '(a)', 'hello'
  end subroutine
end module
