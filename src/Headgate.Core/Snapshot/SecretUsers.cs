using Headgate.Core.Config;

namespace Headgate.Core.Snapshot;

/// <summary>
/// The stored objects that name secrets, as they were written: they are read anew when a secret changes. An object of which one cannot be had is not served; its last good version is.
/// Not thread-safe: the compiler's.
/// </summary>
/// <param name="values">What references stand for; null = nothing is known of any.</param>
internal sealed class SecretUsers(ISecretValues? values)
{
    private readonly Dictionary<(ResourceKind Kind, string Id), (ConfigChange Change, IReadOnlySet<string> References)> _users = [];

    /// <summary>Every reference that an object has.</summary>
    public IEnumerable<string> References => _users.Values.SelectMany(static user => user.References).Distinct(StringComparer.Ordinal);

    /// <summary>The objects that have one of <paramref name="references"/>, as they were written.</summary>
    public IEnumerable<ConfigChange> Naming(IReadOnlySet<string> references) => [.. _users.Values.Where(user => user.References.Overlaps(references)).Select(static user => user.Change)];

    /// <summary>The object is gone.</summary>
    public void Remove(ResourceKind kind, string id) => _users.Remove((kind, id));

    /// <summary>The object with its secrets in the places of their references; null when one cannot be had, which is added to <paramref name="errors"/>.</summary>
    public ReadOnlyMemory<byte>? Resolve(ConfigChange change, ReadOnlyMemory<byte> json, ConfigErrors errors, out IReadOnlyDictionary<string, string> used)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        used = found;
        IReadOnlySet<string> references = SecretReferences.Find(change.Kind, json);
        if (references.Count == 0)
        {
            _users.Remove((change.Kind, change.Id));
            return json;
        }

        _users[(change.Kind, change.Id)] = (change, references);
        foreach (string reference in references)
        {
            string? problem = "this gateway resolves no references to secrets";
            if (values is not null && values.TryGet(reference, out string? value, out problem))
                found.Add(reference, value);
            else
                errors.Add("", $"{reference} cannot be had: {problem}");
        }

        return errors.IsValid ? SecretReferences.Replace(change.Kind, json, found) : null;
    }

    /// <summary>Messages that may quote what was read, with the references in the places of the secrets.</summary>
    public static IReadOnlyList<ConfigError> Redact(IReadOnlyList<ConfigError> errors, IReadOnlyDictionary<string, string> used) =>
        used.Count == 0 ? errors : [.. errors.Select(error => error with { Message = Redact(error.Message, used) })];

    private static string Redact(string message, IReadOnlyDictionary<string, string> used)
    {
        foreach ((string reference, string value) in used.OrderByDescending(static pair => pair.Value.Length))
        {
            if (value.Length > 0)
                message = message.Replace(value, reference, StringComparison.Ordinal);
        }

        return message;
    }
}
