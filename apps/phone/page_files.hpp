#pragma once
// The files of assets/phone, built into the program.

#include <ivr/phone/service.hpp>

#include <vector>

namespace phone {

std::vector<ivr::phone::PageFile> pageFiles();

}  // namespace phone
