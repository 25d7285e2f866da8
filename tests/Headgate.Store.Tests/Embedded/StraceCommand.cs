namespace Headgate.Store.Tests.Embedded;

/// <summary>How the helper program is run below strace.</summary>
internal static class StraceCommand
{
    /// <summary>Writes the system calls of all threads, with the paths of the files, to <paramref name="output"/>.</summary>
    public static string[] Trace(string output, string calls) => [Find(), "-f", "-y", "-qq", "-o", output, "-e", $"trace={calls}"];

    /// <summary>Lets system calls on one file fail: the n-th (<c>when=30</c>), or some (<c>when=30..40</c>), each call counted by itself.</summary>
    public static string[] Inject(string path, string calls, string error, string when) =>
        [Find(), "-f", "-qq", "-o", "/dev/null", "-P", path, "-e", $"trace={calls}", "-e", $"inject={calls}:error={error}:when={when}"];

    private static string Find()
    {
        string? found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, "strace")).FirstOrDefault(File.Exists);
        return found.ShouldNotBeNull("strace is not installed: apt-get install strace (./test does so when run as root)");
    }
}
