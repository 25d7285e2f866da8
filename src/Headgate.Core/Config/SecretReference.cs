namespace Headgate.Core.Config;

/// <summary>
/// A text that stands for a secret kept elsewhere: <c>$env://NAME</c>, <c>$env://NAME/member</c> of a variable that holds a JSON object, <c>$secret://MANAGER/ID/path/key</c>.
/// Source: APISIX, <c>apisix/secret.lua</c> and <c>apisix/core/env.lua</c>.
/// </summary>
/// <param name="Text">As written.</param>
/// <param name="Manager"><c>MANAGER/ID</c> of the object that says how its keeper is reached; null = the environment.</param>
/// <param name="Path">What is asked for: variable or path.</param>
/// <param name="Member">Name of what is taken of it; empty = all of it.</param>
public sealed record SecretReference(string Text, string? Manager, string Path, string Member)
{
    private const string Environment = "$env://";
    private const string Keeper = "$secret://";

    /// <summary>Whether a text is meant as a reference, a wrong one included.</summary>
    public static bool Is(string text) =>
        text.Length > 0 && text[0] == '$' && (text.StartsWith(Environment, StringComparison.OrdinalIgnoreCase) || text.StartsWith(Keeper, StringComparison.Ordinal));

    /// <summary>Reads a reference; null when it is none, or lacks a part.</summary>
    public static SecretReference? Parse(string text)
    {
        if (!Is(text))
            return null;
        if (!text.StartsWith(Keeper, StringComparison.Ordinal))
        {
            string named = text[Environment.Length..];
            int slash = named.IndexOf('/');
            (string name, string member) = slash < 0 ? (named, "") : (named[..slash], named[(slash + 1)..]);
            return name.Length == 0 ? null : new SecretReference(text, null, name, member);
        }

        string[] parts = text[Keeper.Length..].Split('/', 3);
        if (parts.Length < 3 || parts.Any(static part => part.Length == 0))
            return null;
        int last = parts[2].LastIndexOf('/');
        (string path, string key) = last < 0 ? ("", parts[2]) : (parts[2][..last], parts[2][(last + 1)..]);
        return key.Length == 0 ? null : new SecretReference(text, $"{parts[0]}/{parts[1]}", path, key);
    }
}
