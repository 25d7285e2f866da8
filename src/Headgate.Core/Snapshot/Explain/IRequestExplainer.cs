namespace Headgate.Core.Snapshot.Explain;

/// <summary>Says what a gateway would do with a request now, without doing it. Thread-safe; off the request path: it may build what a change of the upstream builds.</summary>
public interface IRequestExplainer
{
    /// <summary>What would be done. Changes nothing: no turn is used up, nothing is counted.</summary>
    RequestExplanation Explain(InventedRequest request);
}
