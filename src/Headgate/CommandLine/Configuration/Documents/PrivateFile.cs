using System.Text;

namespace Headgate.CommandLine.Configuration.Documents;

/// <summary>Writes a file that only its owner may read, for it holds secrets; whole, or not at all.</summary>
internal static class PrivateFile
{
    /// <summary>Writes it, in the place of one that is there.</summary>
    /// <exception cref="CommandFailedException">It cannot be written.</exception>
    public static async Task WriteAsync(string path, string text)
    {
        string draft = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
        try
        {
            File.Delete(draft); // an old one would keep its mode
            await using (var stream = new FileStream(draft, options))
                await stream.WriteAsync(Encoding.UTF8.GetBytes(text));
            File.Move(draft, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(ExitCodes.ConfigurationError, $"{path} cannot be written: {e.Message}");
        }
    }
}
