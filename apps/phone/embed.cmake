# Writes the files of the page into a source file. They are texts: each becomes one raw string.
#
#   cmake -DFOLDER=assets/phone -DFILES=index.html,main.js -DOUTPUT=page_files.cpp -P embed.cmake

cmake_minimum_required(VERSION 3.25)

function(media_type name result)
  if(name MATCHES "\\.html$")
    set(type "text/html; charset=utf-8")
  elseif(name MATCHES "\\.css$")
    set(type "text/css; charset=utf-8")
  elseif(name MATCHES "\\.js$")
    set(type "text/javascript; charset=utf-8")
  elseif(name MATCHES "\\.svg$")
    set(type "image/svg+xml")
  else()
    message(FATAL_ERROR "${name}: its media type is not known")
  endif()
  set(${result} "${type}" PARENT_SCOPE)
endfunction()

file(WRITE "${OUTPUT}" "#include \"page_files.hpp\"

namespace phone {

std::vector<ivr::phone::PageFile> pageFiles() {
  std::vector<ivr::phone::PageFile> files;
")
string(REPLACE "," ";" names "${FILES}")
foreach(name IN LISTS names)
  media_type(${name} type)
  set(path "/${name}")
  if(name STREQUAL "index.html")
    set(path "/")
  endif()
  file(READ "${FOLDER}/${name}" text)
  if(text MATCHES "\\)IVRPAGE\"")
    message(FATAL_ERROR "${name}: its text ends a raw string")
  endif()
  file(APPEND "${OUTPUT}"
    "  files.push_back({\"${path}\", \"${type}\", R\"IVRPAGE(" "${text}" ")IVRPAGE\"});\n")
endforeach()
file(APPEND "${OUTPUT}" "  return files;
}

}  // namespace phone
")
