using System.Security.Cryptography;

namespace Headgate.Hosting;

/// <summary>The admin key that was generated: 32 hexadecimal digits in the file <c>admin.key</c> of the data folder, readable by its owner only.</summary>
internal static class AdminKeyFile
{
    private const string FileName = "admin.key";

    /// <summary>Path of the file.</summary>
    public static string PathIn(string dataFolder) => Path.Combine(Path.GetFullPath(dataFolder), FileName);

    /// <summary>The key in the file, which is made when it does not exist.</summary>
    /// <exception cref="StartException">The file cannot be read or made, or holds no key.</exception>
    public static string ReadOrCreate(string dataFolder)
    {
        string path = PathIn(dataFolder);
        try
        {
            if (!File.Exists(path))
                Create(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"cannot make the admin key file {path}: {e.Message}", e);
        }

        return Read(path);
    }

    /// <summary>The key in a file.</summary>
    /// <exception cref="StartException">The file cannot be read, or holds no key.</exception>
    public static string Read(string path)
    {
        try
        {
            string key = File.ReadAllText(path).Trim();
            return key.Length > 0 && !key.AsSpan().ContainsAnyExceptInRange('!', '~')
                ? key
                : throw new StartException($"{path} holds no admin key; delete the file to have a new key generated");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"cannot read the admin key file {path}: {e.Message}", e);
        }
    }

    // Written beside and moved into place: a crash between the two leaves no half key that later starts would take for the key.
    private static void Create(string path)
    {
        string draft = path + ".new";
        File.Delete(draft);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using (var stream = new FileStream(draft, options))
        {
            stream.Write(System.Text.Encoding.ASCII.GetBytes(RandomNumberGenerator.GetHexString(32, lowercase: true) + "\n"));
            stream.Flush(flushToDisk: true);
        }

        File.Move(draft, path);
    }
}
