namespace Headgate.Store.Tests.Embedded;

/// <summary>A folder of this test, deleted in the end.</summary>
internal sealed class TempFolder : IDisposable
{
    private TempFolder(string path) => Path = path;

    public string Path { get; }

    public string Database => System.IO.Path.Combine(Path, "headgate.db");

    /// <summary>On the disk: what is flushed here is flushed.</summary>
    public static TempFolder OnDisk() => new(Directory.CreateTempSubdirectory("headgate-store-").FullName);

    /// <summary>In memory where the machine has such a file system: for tests that open thousands of stores and prove nothing about the disk.</summary>
    public static TempFolder InMemory() =>
        Directory.Exists("/dev/shm")
            ? new(Directory.CreateDirectory($"/dev/shm/headgate-store-{Guid.NewGuid():N}").FullName)
            : OnDisk();

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
