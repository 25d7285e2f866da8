using System.Buffers.Text;
using System.Text;

namespace Headgate.Core.Primitives;

/// <summary>
/// A variable of a request by name, as APISIX's expressions and hash keys name them: <c>arg_x</c>, <c>http_x_user</c>, <c>remote_addr</c>, ...
/// The name is read once; a look-up allocates nothing. Immutable. Source: nginx's variables and APISIX's <c>core/ctx.lua</c>.
/// </summary>
public sealed class RequestVariable
{
    /// <summary>Bytes a caller provides for values that have to be written (addresses, ports, decoded arguments); longer ones are written elsewhere.</summary>
    public const int ScratchBytes = 128;

    private static readonly byte[] MachineName = Encoding.UTF8.GetBytes(Environment.MachineName);

    private readonly RequestVariableKind _kind;
    private readonly byte[] _key;
    private readonly byte[] _underscored;

    private RequestVariable(string name, RequestVariableKind kind, string key = "")
    {
        Name = name;
        _kind = kind;
        _underscored = Encoding.UTF8.GetBytes(key);
        _key = kind == RequestVariableKind.Header && key.Contains('_', StringComparison.Ordinal)
            ? Encoding.UTF8.GetBytes(key.Replace('_', '-'))
            : _underscored;
    }

    /// <summary>The name as written.</summary>
    public string Name { get; }

    /// <summary>
    /// Whether requests can have the variable at all. False for a name that is not known here (<c>post_arg_x</c>, <c>graphql_operation</c>,
    /// ...): it is absent from every request.
    /// </summary>
    public bool IsSupported => _kind != RequestVariableKind.Unknown;

    /// <summary>Whether requests can have it before a route has matched.</summary>
    public bool IsKnownAtMatch => _kind is not (RequestVariableKind.Unknown or RequestVariableKind.ConsumerName or RequestVariableKind.ConsumerGroupId);

    /// <summary>Whether the value is the peer's address, which <see cref="IRequestView.ClientAddress"/> also has as a number.</summary>
    public bool IsClientAddress => _kind == RequestVariableKind.RemoteAddr;

    /// <summary>Reads a name; never fails: see <see cref="IsSupported"/>.</summary>
    public static RequestVariable Parse(string name)
    {
        if (name.StartsWith("arg_", StringComparison.Ordinal))
            return new(name, RequestVariableKind.Argument, name[4..]);
        if (name.StartsWith("cookie_", StringComparison.Ordinal))
            return new(name, RequestVariableKind.Cookie, name[7..]);
        if (name.StartsWith("http_", StringComparison.Ordinal))
            return new(name, RequestVariableKind.Header, name[5..].ToLowerInvariant().Replace('-', '_'));
        return name switch
        {
            "uri" or "document_uri" => new(name, RequestVariableKind.Uri),
            "request_uri" => new(name, RequestVariableKind.RequestUri),
            "host" => new(name, RequestVariableKind.Host),
            "request_method" or "method" => new(name, RequestVariableKind.Method),
            "scheme" => new(name, RequestVariableKind.Scheme),
            "args" or "query_string" => new(name, RequestVariableKind.Query),
            "content_type" or "content_length" => new(name, RequestVariableKind.Header, name),
            "is_args" => new(name, RequestVariableKind.QuestionMark),
            "remote_addr" => new(name, RequestVariableKind.RemoteAddr),
            "remote_port" => new(name, RequestVariableKind.RemotePort),
            "server_addr" => new(name, RequestVariableKind.ServerAddr),
            "server_port" => new(name, RequestVariableKind.ServerPort),
            "status" => new(name, RequestVariableKind.Status),
            "consumer_name" => new(name, RequestVariableKind.ConsumerName),
            "consumer_group_id" => new(name, RequestVariableKind.ConsumerGroupId),
            "hostname" => new(name, RequestVariableKind.MachineName),
            _ => new(name, RequestVariableKind.Unknown),
        };
    }

    /// <summary>
    /// The value in a request. Never blocks, never allocates in the long run.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="scratch">At least <see cref="ScratchBytes"/> bytes that the value may be written to.</param>
    /// <param name="value">
    /// The value: of a header the first field; of an argument the first one of that name, percent-decoded, empty when it has no <c>=</c>; of a cookie the
    /// first of that name, as sent. Valid until the view or the scratch changes, or the next variable is read on this thread. Empty when absent.
    /// </param>
    /// <returns>False when the request does not have it.</returns>
    public bool TryGet(IRequestView request, Span<byte> scratch, out ReadOnlySpan<byte> value)
    {
        switch (_kind)
        {
            case RequestVariableKind.Argument:
                return QueryArguments.TryGet(request.Query, _key, scratch, out value);
            case RequestVariableKind.Cookie:
                return TryGetCookie(request, out value);
            case RequestVariableKind.Header:
                // A name with an underscore is a header of its own (APISIX accepts those); the usual one has dashes.
                return request.TryGetHeader(_key, out value) || (!ReferenceEquals(_key, _underscored) && request.TryGetHeader(_underscored, out value));
            case RequestVariableKind.Query:
                value = request.Query;
                return !value.IsEmpty;
            case RequestVariableKind.Host:
                value = request.Host;
                return !value.IsEmpty;
            case RequestVariableKind.Status:
                value = request.AnswerStatus == 0 ? default : Decimal(request.AnswerStatus, scratch);
                return !value.IsEmpty;
            case RequestVariableKind.ConsumerName:
                value = request.ConsumerName;
                return !value.IsEmpty;
            case RequestVariableKind.ConsumerGroupId:
                value = request.ConsumerGroupId;
                return !value.IsEmpty;
            case RequestVariableKind.Unknown:
                value = default;
                return false;
            default:
                value = Always(request, scratch);
                return true;
        }
    }

    /// <summary>Variables that every request has.</summary>
    private ReadOnlySpan<byte> Always(IRequestView request, Span<byte> scratch) => _kind switch
    {
        RequestVariableKind.Uri => request.Path,
        RequestVariableKind.RequestUri => request.RequestUri,
        RequestVariableKind.Method => request.Method,
        RequestVariableKind.Scheme => request.Scheme,
        RequestVariableKind.MachineName => MachineName,
        RequestVariableKind.QuestionMark => request.Query.IsEmpty ? default : "?"u8,
        RequestVariableKind.RemoteAddr => scratch[..AddressText.Format(request.ClientAddress, scratch)],
        RequestVariableKind.ServerAddr => scratch[..AddressText.Format(request.ServerAddress, scratch)],
        RequestVariableKind.RemotePort => Decimal(request.ClientPort, scratch),
        _ => Decimal(request.ServerPort, scratch),
    };

    private static ReadOnlySpan<byte> Decimal(int number, Span<byte> scratch)
    {
        Utf8Formatter.TryFormat(number, scratch, out int written);
        return scratch[..written];
    }

    private bool TryGetCookie(IRequestView request, out ReadOnlySpan<byte> value)
    {
        value = default;
        return request.TryGetHeader("cookie"u8, out ReadOnlySpan<byte> field) && CookiePairs.TryGet(field, _key, out value);
    }
}
