# Read by ctest, once for each GoogleTest program. Each suite is a test, so that its cases share a
# process; in the suites listed in `alone`, each case is.

cmake_minimum_required(VERSION 3.25)

if(NOT EXISTS ${program})
  get_filename_component(name ${program} NAME)
  add_test(${name}_NOT_BUILT ${program})
  return()
endif()

execute_process(COMMAND ${program} --gtest_list_tests
  OUTPUT_VARIABLE listed COMMAND_ERROR_IS_FATAL ANY)
string(REGEX REPLACE " +#[^\n]*" "" listed "${listed}")  # parameters of cases, types of suites
string(REPLACE "\n" ";" lines "${listed}")
foreach(line IN LISTS lines)
  unset(test)
  if(line MATCHES "^([^ ]+)\\.$")
    set(suite ${CMAKE_MATCH_1})
    if(NOT suite IN_LIST alone)
      set(test ${suite})
      set(filter ${suite}.*)
    endif()
  elseif(line MATCHES "^  (.+)$" AND suite IN_LIST alone)
    set(test ${suite}.${CMAKE_MATCH_1})
    set(filter ${test})
  endif()
  if(DEFINED test)
    add_test(${test} ${program} --gtest_filter=${filter})
    set_tests_properties(${test} PROPERTIES TIMEOUT 120)
  endif()
endforeach()
