using Headgate.Store.Embedded;

namespace Headgate.Store;

/// <summary>A file that always has either its old or its new content, also after a power failure: written beside, flushed, moved into place, its name flushed. For its owner only.</summary>
public static class AtomicFile
{
    /// <summary>Puts <paramref name="pieces"/> into the file, one after the other.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static void Write(string path, params IReadOnlyList<ReadOnlyMemory<byte>> pieces) => Write(path, pieces, overwrite: true);

    /// <summary>Makes the file with <paramref name="content"/>: one that is there, which nobody could make anew, stays.</summary>
    /// <exception cref="IOException">It cannot be written, or is there.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static void Create(string path, ReadOnlyMemory<byte> content) => Write(path, [content], overwrite: false);

    private static void Write(string path, IReadOnlyList<ReadOnlyMemory<byte>> pieces, bool overwrite)
    {
        path = Path.GetFullPath(path); // its folder has a name, too
        string draft = path + ".new";
        File.Delete(draft); // one that is there may have another mode
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
        using (var stream = new FileStream(draft, options))
        {
            foreach (ReadOnlyMemory<byte> piece in pieces)
                stream.Write(piece.Span);
            stream.Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite);
        PosixFile.FlushDirectory(Path.GetDirectoryName(path)!);
    }
}
