//! What every connection looks like in the schema.

use async_graphql::SimpleObject;

/// Where a page stands in its list.
#[derive(Clone, Debug, SimpleObject)]
pub struct PageInfo {
    /// Whether there are nodes before this page. Exact when you page with `last`.
    pub has_previous_page: bool,
    /// Whether there are nodes after this page. Exact when you page with `first`.
    pub has_next_page: bool,
    /// The first node's cursor: give it as `before` to read the page before this one.
    pub start_cursor: Option<String>,
    /// The last node's cursor: give it as `after` to read the next page.
    pub end_cursor: Option<String>,
}

impl PageInfo {
    /// The same, where what was looked at ends further on than the page, at this cursor, if given.
    pub fn up_to(self, cursor: Option<String>) -> Self {
        Self {
            end_cursor: cursor.or(self.end_cursor),
            ..self
        }
    }
}

/// A count as GraphQL's `Int`, which has 32 bits.
pub fn int(count: i64) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// Makes a connection and its edge: `edges`, `nodes`, `pageInfo`, `totalCount`, and what the connection has of its
/// own, which whoever makes a page sets.
macro_rules! connection {
    (
        $(#[$connection_doc:meta])* $connection:ident
            $({ $($(#[$own_doc:meta])* $own:ident: $own_type:ty),* $(,)? })?,
        $(#[$edge_doc:meta])* $edge:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty),* $(,)? },
        $node:ty,
        $(#[$total_doc:meta])* $total:ty
    ) => {
        $(#[$edge_doc])*
        #[derive(Clone, Debug, async_graphql::SimpleObject)]
        pub struct $edge {
            /// Where the node stands in the list: give it as `after` or `before`.
            pub cursor: String,
            /// The node.
            pub node: $node,
            $($(#[$field_doc])* pub $field: $type,)*
        }

        impl $crate::graphql::plain::Plain for $edge {
            fn plain(
                &self,
                asked: &$crate::graphql::plain::Asked<'_>,
            ) -> Option<async_graphql::Value> {
                match asked.name() {
                    "cursor" => $crate::graphql::plain::Say::say(&self.cursor, asked),
                    "node" => asked.object(&self.node),
                    // (A field of one word is called the same there.)
                    $(stringify!($field) => $crate::graphql::plain::Say::say(&self.$field, asked),)*
                    _ => None,
                }
            }
        }

        $(#[$connection_doc])*
        #[derive(Clone, Debug)]
        pub struct $connection {
            edges: Vec<$edge>,
            page_info: $crate::paging::PageInfo,
            total_count: $total,
            $($($own: $own_type,)*)?
        }

        impl $connection {
            /// A page; `total` counts the whole list.
            pub fn new(
                page: $crate::paging::Slice<$edge>,
                total: $total,
            ) -> $crate::graphql::plain::Flat<Self> {
                let cursor = |edge: Option<&$edge>| edge.map(|edge| edge.cursor.clone());
                $crate::graphql::plain::Flat(Self {
                    page_info: $crate::paging::PageInfo {
                        has_previous_page: page.has_previous,
                        has_next_page: page.has_next,
                        start_cursor: cursor(page.rows.first()),
                        end_cursor: cursor(page.rows.last()),
                    },
                    edges: page.rows,
                    total_count: total,
                    $($($own: Default::default(),)*)?
                })
            }

            /// The same page, where what was looked at ends further on than its last node, at this cursor, if given.
            pub fn up_to(self, cursor: Option<String>) -> Self {
                Self {
                    page_info: self.page_info.up_to(cursor),
                    ..self
                }
            }
        }

        impl $crate::graphql::plain::Plain for $connection {
            fn plain(
                &self,
                asked: &$crate::graphql::plain::Asked<'_>,
            ) -> Option<async_graphql::Value> {
                match asked.name() {
                    "nodes" => asked.list(self.edges.iter().map(|edge| &edge.node)),
                    "edges" => asked.list(self.edges.iter()),
                    "pageInfo" => asked.object(&self.page_info),
                    "totalCount" => $crate::graphql::plain::Say::say(&self.total_count, asked),
                    _ => None,
                }
            }
        }

        $(#[$connection_doc])*
        #[async_graphql::Object]
        impl $connection {
            /// The nodes of this page with their cursors.
            async fn edges(
                &self,
                ctx: &async_graphql::Context<'_>,
            ) -> Result<$crate::graphql::plain::Nodes<'_, $edge>, $crate::error::Error> {
                $crate::graphql::context::ContextExt::count_nodes(ctx, self.edges.len())?;
                Ok($crate::graphql::plain::Nodes(self.edges.iter().collect()))
            }

            /// The nodes of this page, for who needs no cursors.
            async fn nodes(
                &self,
                ctx: &async_graphql::Context<'_>,
            ) -> Result<$crate::graphql::plain::Nodes<'_, $node>, $crate::error::Error> {
                $crate::graphql::context::ContextExt::count_nodes(ctx, self.edges.len())?;
                let nodes = self.edges.iter().map(|edge| &edge.node);
                Ok($crate::graphql::plain::Nodes(nodes.collect()))
            }

            /// Where this page stands in the list.
            async fn page_info(&self) -> &$crate::paging::PageInfo {
                &self.page_info
            }

            $(#[$total_doc])*
            async fn total_count(&self) -> $total {
                self.total_count
            }

            $($(
                $(#[$own_doc])*
                async fn $own(&self) -> $own_type {
                    self.$own
                }
            )*)?
        }
    };
}
pub(crate) use connection;
