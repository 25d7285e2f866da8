using Headgate.Store;

namespace Headgate.Proxy.Restart;

/// <summary>A small file that is always either its old or its new content.</summary>
/// <param name="path">Where it is.</param>
internal sealed class StateFile(string path)
{
    /// <summary>Where it is.</summary>
    public string Path { get; } = path;

    /// <summary>Where a file goes that cannot be used.</summary>
    public string Aside { get; } = path + ".damaged";

    /// <summary>What it holds; null when there is none.</summary>
    /// <param name="bytesMax">A larger one is not read.</param>
    /// <exception cref="InvalidDataException">It is larger.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public byte[]? Read(int bytesMax)
    {
        var info = new FileInfo(Path);
        if (!info.Exists)
            return null;
        return info.Length <= bytesMax ? File.ReadAllBytes(Path) : throw new InvalidDataException($"it has {info.Length} bytes, and no more than {bytesMax} are read");
    }

    /// <summary>Puts the pieces into it, one after the other.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void Write(params IReadOnlyList<ReadOnlyMemory<byte>> pieces) => AtomicFile.Write(Path, pieces);

    /// <summary>Moves it out of the way, over one that was moved before.</summary>
    /// <exception cref="IOException">It cannot be moved.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be moved.</exception>
    public void SetAside() => File.Move(Path, Aside, overwrite: true);
}
