using System.Security.Cryptography;
using System.Text;
using Headgate.Store;

namespace Headgate.Hosting;

/// <summary>A key that the gateway makes for itself: 32 hexadecimal digits in a file of the data folder, readable by its owner only.</summary>
internal static class GeneratedKey
{
    /// <summary>The key in the file, which is made when it does not exist. <paramref name="what"/> names the key in errors. Call it while the data folder is held by this process.</summary>
    /// <exception cref="StartException">The file cannot be read or made, or holds no key.</exception>
    public static string ReadOrCreate(string path, string what)
    {
        try
        {
            if (!File.Exists(path))
                AtomicFile.Create(path, Encoding.ASCII.GetBytes(RandomNumberGenerator.GetHexString(32, lowercase: true) + "\n"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"cannot make the {what} file {path}: {e.Message}", e);
        }

        return Read(path, what);
    }

    /// <summary>The key in a file. <paramref name="what"/> names it in errors.</summary>
    /// <exception cref="StartException">The file cannot be read, or holds no key.</exception>
    public static string Read(string path, string what)
    {
        try
        {
            string key = File.ReadAllText(path).Trim();
            return key.Length > 0 && !key.AsSpan().ContainsAnyExceptInRange('!', '~')
                ? key
                : throw new StartException($"{path} holds no {what}; delete the file to have a new key generated");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"cannot read the {what} file {path}: {e.Message}", e);
        }
    }
}
