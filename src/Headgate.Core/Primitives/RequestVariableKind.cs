namespace Headgate.Core.Primitives;

/// <summary>Where a <see cref="RequestVariable"/> takes its value from.</summary>
internal enum RequestVariableKind
{
    /// <summary>Nowhere: absent from every request.</summary>
    Unknown,

    /// <summary><see cref="IRequestView.AnswerStatus"/>.</summary>
    Status,

    /// <summary>A query argument.</summary>
    Argument,

    /// <summary>A cookie.</summary>
    Cookie,

    /// <summary>A header field.</summary>
    Header,

    /// <summary><see cref="IRequestView.Path"/>.</summary>
    Uri,

    /// <summary><see cref="IRequestView.RequestUri"/>.</summary>
    RequestUri,

    /// <summary><see cref="IRequestView.Host"/>; absent when empty.</summary>
    Host,

    /// <summary><see cref="IRequestView.Method"/>.</summary>
    Method,

    /// <summary><see cref="IRequestView.Scheme"/>.</summary>
    Scheme,

    /// <summary><see cref="IRequestView.Query"/>; absent when empty.</summary>
    Query,

    /// <summary>A question mark when there is a <see cref="IRequestView.Query"/>, else empty.</summary>
    QuestionMark,

    /// <summary><see cref="IRequestView.ClientAddress"/> as text.</summary>
    RemoteAddr,

    /// <summary><see cref="IRequestView.ClientPort"/> in decimal.</summary>
    RemotePort,

    /// <summary><see cref="IRequestView.ServerAddress"/> as text.</summary>
    ServerAddr,

    /// <summary><see cref="IRequestView.ServerPort"/> in decimal.</summary>
    ServerPort,

    /// <summary><see cref="IRequestView.ConsumerName"/>; absent when empty.</summary>
    ConsumerName,

    /// <summary><see cref="IRequestView.ConsumerGroupId"/>; absent when empty.</summary>
    ConsumerGroupId,

    /// <summary>Name of the machine the gateway runs on.</summary>
    MachineName,
}
