using Headgate.Core.Primitives;

namespace Headgate.Core.Routing;

/// <summary>What one match knows of its request, worked out once at most, and how much it has looked at.</summary>
internal ref struct MatchContext
{
    private int _method;

    /// <summary>Starts a match.</summary>
    public MatchContext(IRequestView request)
    {
        Request = request;
        Path = request.Path;
        _method = -1;
    }

    /// <summary>The request.</summary>
    public IRequestView Request { get; }

    /// <summary>Its path: <see cref="IRequestView.Path"/>.</summary>
    public ReadOnlySpan<byte> Path { get; }

    /// <summary>Its method as a <see cref="MethodSet"/>.</summary>
    public int Method => _method >= 0 ? _method : _method = MethodSet.Of(Request.Method);

    /// <summary>Nodes of the trees looked at so far.</summary>
    public int NodesVisited { get; set; }

    /// <summary>Routes whose conditions were tried so far.</summary>
    public int CandidatesTried { get; set; }
}
