namespace Headgate.Hosting;

/// <summary>The admin key that was generated, in the file <c>admin.key</c> of the data folder (<see cref="GeneratedKey"/>).</summary>
internal static class AdminKeyFile
{
    private const string FileName = "admin.key";
    private const string What = "admin key";

    /// <summary>Path of the file.</summary>
    public static string PathIn(string dataFolder) => Path.Combine(Path.GetFullPath(dataFolder), FileName);

    /// <summary>The key in the file, which is made when it does not exist.</summary>
    /// <exception cref="StartException">The file cannot be read or made, or holds no key.</exception>
    public static string ReadOrCreate(string dataFolder) => GeneratedKey.ReadOrCreate(PathIn(dataFolder), What);

    /// <summary>The key in a file.</summary>
    /// <exception cref="StartException">The file cannot be read, or holds no key.</exception>
    public static string Read(string path) => GeneratedKey.Read(path, What);
}
