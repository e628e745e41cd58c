#pragma once
// Sources that a script writes from a schema, and that are checked in.

#include "support/command.hpp"
#include "support/content.hpp"
#include "support/temp_folder.hpp"

#include <filesystem>
#include <gmock/gmock.h>
#include <set>
#include <string>

namespace ivr::support {

class GeneratorTest : public NeedsPrograms {
 protected:
  void SetUp() override {
    require(isInstalled("python3") && isInstalled("clang-format-14"),
            "NO GENERATOR: python3 or clang-format-14 is not installed");
  }

  /// Whether `script`, a path in the folder `library`, writes exactly the sources there that say
  /// that it has written them.
  static void expectToWriteWhatIsCheckedIn(const std::filesystem::path& library,
                                           const std::string& script) {
    const TempFolder folder;
    outputOf("'" + (library / script).string() + "' '" + folder.path().string() + "'");
    std::set<std::string> saySo;
    for (const std::string& path : sourcesIn(library)) {
      const std::string text = contentOf(library / path);
      if (text.find("Written by " + script + '.') != std::string::npos) saySo.insert(path);
    }
    EXPECT_THAT(sourcesIn(folder.path()), testing::ContainerEq(saySo));
    for (const std::string& path : sourcesIn(folder.path())) {
      EXPECT_EQ(contentOf(folder.path() / path), contentOf(library / path)) << path;
    }
  }

 private:
  /// The C++ files in a folder, by their paths in it.
  static std::set<std::string> sourcesIn(const std::filesystem::path& folder) {
    std::set<std::string> paths;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{folder}) {
      const std::filesystem::path& path = entry.path();
      if (path.extension() == ".hpp" || path.extension() == ".cpp") {
        paths.insert(path.lexically_relative(folder).string());
      }
    }
    return paths;
  }
};

}  // namespace ivr::support
