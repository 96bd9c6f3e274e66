# Writes OUTPUT, which TunedRecords.cpp includes, from the files of records SPECS,
# separated by commas.
string(REPLACE "," ";" files "${SPECS}")
set(text "")
foreach(file IN LISTS files)
  get_filename_component(chip ${file} NAME_WE)
  file(READ ${file} records)
  # Literals may not be longer than 65,536 bytes everywhere; neighbours are one.
  string(REGEX REPLACE "(\n *\\{chip = )" ")dsa\" R\"dsa(\\1" records "${records}")
  string(APPEND text "{\"${chip}\", R\"dsa(${records})dsa\"},\n")
endforeach()
file(WRITE ${OUTPUT} "${text}")
