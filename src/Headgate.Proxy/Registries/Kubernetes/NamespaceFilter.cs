using System.Text.RegularExpressions;
using Headgate.Core.Config.Registries;

namespace Headgate.Proxy.Registries.Kubernetes;

/// <summary>Which namespaces are followed. What the server can choose by itself it is asked to; patterns are the gateway's matter. Thread-safe.</summary>
internal sealed class NamespaceFilter
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private readonly KubernetesNamespaceMatch? _kind;
    private readonly string? _only;
    private readonly Regex[] _patterns = [];

    public NamespaceFilter(KubernetesNamespaceSelector? selector)
    {
        _kind = selector?.Kind;
        if (selector is null)
            return;
        if (_kind is KubernetesNamespaceMatch.Equal or KubernetesNamespaceMatch.NotEqual)
            _only = selector.Values[0];
        else
            _patterns = [.. selector.Values.Items.Select(static pattern => new Regex(pattern, RegexOptions.CultureInvariant, Patience))];
    }

    /// <summary>The one namespace that is asked for; null = the server is asked for all.</summary>
    public string? Only => _kind == KubernetesNamespaceMatch.Equal ? _only : null;

    /// <summary>What the server chooses by; null = nothing.</summary>
    public string? FieldSelector => _kind == KubernetesNamespaceMatch.NotEqual ? $"metadata.namespace!={_only}" : null;

    /// <summary>Whether objects of a namespace count.</summary>
    public bool Includes(string name) => _kind switch
    {
        null => true,
        KubernetesNamespaceMatch.Equal => name == _only,
        KubernetesNamespaceMatch.NotEqual => name != _only,
        KubernetesNamespaceMatch.Match => MatchesAny(name),
        _ => !MatchesAny(name),
    };

    // As in APISIX: what a pattern finds first has to be the whole name.
    private bool MatchesAny(string name)
    {
        foreach (Regex pattern in _patterns)
        {
            try
            {
                if (pattern.Match(name) is { Success: true } match && match.Length == name.Length)
                    return true;
            }
            catch (RegexMatchTimeoutException)
            {
                // as not found
            }
        }

        return false;
    }
}
