using System.Security.Cryptography;
using System.Text;

namespace Headgate.Store.Protection;

/// <summary>
/// The key ring in the file <c>encryption.keys</c> of the data folder: one key a line, 32 bytes in base64; <c>#</c> begins a comment. The first key encrypts, all decrypt: to
/// change the key, put a new line before the others. Readable by its owner only.
/// </summary>
public static class KeyRingFile
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "encryption.keys";

    /// <summary>The ring in the file, which is made with a new key when it does not exist. Call it while the data folder is held by this process.</summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="created">Whether the file was made: what was encrypted before can then not be decrypted.</param>
    /// <exception cref="StoreUnavailableException">The file cannot be read or made, or holds something else.</exception>
    public static KeyRing ReadOrCreate(string folder, out bool created)
    {
        string path = Path.Combine(Path.GetFullPath(folder), FileName);
        try
        {
            created = !File.Exists(path);
            if (created)
                Create(path);
            return new KeyRing(Parse(path, File.ReadAllLines(path)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException($"The key ring {path} cannot be used: {e.Message}", e);
        }
    }

    private static List<byte[]> Parse(string path, string[] lines)
    {
        var keys = new List<byte[]>();
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].Trim();
            if (line.Length == 0 || line[0] == '#')
                continue;
            byte[] key = new byte[line.Length];
            if (!Convert.TryFromBase64String(line, key, out int length) || length != KeyRing.KeyBytes)
                throw new StoreUnavailableException($"The key ring {path} cannot be used: line {i + 1} is no key, which has {KeyRing.KeyBytes} bytes in base64.");
            keys.Add(key[..length]);
        }

        return keys.Count > 0 ? keys
            : throw new StoreUnavailableException($"The key ring {path} holds no key. Put its backup there; delete it only when nothing that it encrypted is needed.");
    }

    // Durably: what is encrypted under a key that a crash took is lost.
    private static void Create(string path)
    {
        string key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyRing.KeyBytes));
        AtomicFile.Create(path, Encoding.ASCII.GetBytes($"# Encrypts the secrets in the store. Back it up with the database, and keep it apart from it.\n{key}\n"));
    }
}
