using System.Reflection;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace Headgate.Store.Embedded.Sqlite;

/// <summary>
/// Loads the native SQLite once per process: the system's own (security-maintained by the distribution), or, where there is none that is new enough,
/// the one that comes with the package, which is old (3.35.5). Thread-safe.
/// </summary>
internal static class SqliteEngine
{
    // quick_check of one table, which opening needs, came with 3.33.
    private const int VersionMin = 3_033_000;
    private const string SystemLibrary = "libsqlite3.so.0";

    private static readonly Lazy<string?> SystemProblem = new(Load);

    /// <summary>Loads the engine if that has not happened yet. Returns why the system's library is not used; null when it is.</summary>
    public static string? EnsureLoaded() => SystemProblem.Value;

    /// <summary>Version of the loaded engine: <c>3.40.1</c>.</summary>
    public static string Version => raw.sqlite3_libversion().utf8_to_string();

    private static string? Load()
    {
        string? problem = FindSystemLibrary(out nint library);
        if (problem is null)
        {
            Assembly provider = typeof(SQLite3Provider_e_sqlite3).Assembly;
            NativeLibrary.SetDllImportResolver(provider, (name, _, _) => name == "e_sqlite3" ? library : 0);
        }

        Batteries_V2.Init();
        return problem;
    }

    private static unsafe string? FindSystemLibrary(out nint library)
    {
        if (!NativeLibrary.TryLoad(SystemLibrary, out library))
        {
            return $"{SystemLibrary} was not found";
        }

        if (!NativeLibrary.TryGetExport(library, "sqlite3_libversion_number", out nint export))
        {
            return $"{SystemLibrary} has no sqlite3_libversion_number";
        }

        int version = ((delegate* unmanaged<int>)export)();
        return version >= VersionMin ? null : $"{SystemLibrary} has version {version}, at least {VersionMin} is needed";
    }
}
