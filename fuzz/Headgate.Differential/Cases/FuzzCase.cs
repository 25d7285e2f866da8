using System.Text;

namespace Headgate.Differential.Cases;

/// <summary>
/// One file of <c>fuzz/corpus</c>: what is odd about it, what each server makes of it, a line <c>---</c>, and the bytes (<see cref="EscapedText"/>). The sound
/// request <see cref="Follow"/> is sent behind it, which shows where a reader thinks the first has ended, unless the file has a line <c>alone</c>.
/// </summary>
/// <param name="Name">Folder and file name, without ending.</param>
/// <param name="Why">What the case is about.</param>
/// <param name="Alone">Whether nothing follows.</param>
/// <param name="Bytes">The case itself.</param>
/// <param name="Verdicts">What each server makes of it, by the server's name (<see cref="Comparison.Observation"/> says how it is written).</param>
internal sealed record FuzzCase(string Name, string Why, bool Alone, byte[] Bytes, SortedDictionary<string, string> Verdicts)
{
    /// <summary>The sound request that shows where the one before it ended.</summary>
    public static ReadOnlySpan<byte> Follow => "GET /follow HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"u8;

    /// <summary>What goes over the wire.</summary>
    public byte[] Sent => Alone ? Bytes : [.. Bytes, .. Follow];

    /// <summary>Reads a file.</summary>
    /// <exception cref="FormatException">It is not in the form above.</exception>
    public static FuzzCase Load(string folder, string file)
    {
        string[] lines = File.ReadAllLines(file, Encoding.UTF8);
        int split = Array.IndexOf(lines, "---");
        if (split < 0)
            throw new FormatException($"{file} has no line '---'.");
        var verdicts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        List<string> why = [];
        foreach (string line in lines.Take(split))
        {
            string name = line.Split(": ")[0];
            if (name is "headgate" or "kestrel" or "nginx")
                verdicts[name] = line[(name.Length + 2)..];
            else if (line != "alone")
                why.Add(line);
        }

        string relative = Path.GetRelativePath(folder, file);
        return new FuzzCase(
            Path.ChangeExtension(relative, null), string.Join('\n', why), lines.Take(split).Contains("alone"), EscapedText.Parse(string.Join('\n', lines.Skip(split + 1))), verdicts);
    }

    /// <summary>Writes the file anew, with its verdicts.</summary>
    public void Save(string folder)
    {
        var text = new StringBuilder(Why).Append('\n');
        foreach ((string server, string verdict) in Verdicts)
            text.Append(server).Append(": ").Append(verdict).Append('\n');
        text.Append(Alone ? "alone\n" : "").Append("---\n").Append(EscapedText.Print(Bytes)).Append('\n');
        File.WriteAllText(Path.Combine(folder, Name + ".txt"), text.ToString());
    }
}
