using System.Text.Json.Nodes;

namespace Headgate.Testing.Registries.Kubernetes;

/// <summary>Which objects a question is about: namespace, <c>fieldSelector</c> and <c>labelSelector</c>.</summary>
internal sealed class KubernetesSelection
{
    private readonly List<Func<JsonObject, bool>> _terms = [];

    public KubernetesSelection(string? space, string? fields, string? labels)
    {
        if (space is not null)
            _terms.Add(one => Field(one, "namespace") == space);
        foreach (string term in Split(fields))
        {
            (string name, string value, bool equal) = Parse(term);
            if (name is not ("metadata.name" or "metadata.namespace"))
                throw KubernetesStatusException.BadRequest($"field label not supported: {name}");
            _terms.Add(one => (Field(one, name["metadata.".Length..]) == value) == equal);
        }

        foreach (string term in Split(labels))
        {
            if (term.IndexOf('=', StringComparison.Ordinal) < 0)
            {
                _terms.Add(one => term[0] == '!' ? Label(one, term[1..]) is null : Label(one, term) is not null);
                continue;
            }

            (string name, string value, bool equal) = Parse(term);
            if (value.Contains('"', StringComparison.Ordinal))
                throw KubernetesStatusException.BadRequest($"unable to parse requirement: {term}");
            _terms.Add(one => (Label(one, name) == value) == equal);
        }
    }

    public bool Has(JsonObject? one) => one is not null && _terms.TrueForAll(term => term(one));

    private static string[] Split(string? selector) => selector?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    private static (string Name, string Value, bool Equal) Parse(string term)
    {
        int at = term.IndexOf("!=", StringComparison.Ordinal);
        if (at > 0)
            return (term[..at].Trim(), term[(at + 2)..].Trim(), false);
        at = term.IndexOf('=', StringComparison.Ordinal);
        if (at <= 0)
            throw KubernetesStatusException.BadRequest($"unable to parse requirement: {term}");
        return (term[..at].Trim(), term[(at + 1)..].TrimStart('=').Trim(), true);
    }

    private static string? Field(JsonObject one, string name) => (string?)one["metadata"]?[name];

    private static string? Label(JsonObject one, string name) => (string?)one["metadata"]?["labels"]?[name];
}
